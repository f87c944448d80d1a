/** Counts the words that a sheet shows before anything of it is opened: fields and lists that fold out left aside. */
export function wordsShown(sheet: Element): number {
  const shown = sheet.cloneNode(true) as Element;
  for (const hidden of shown.querySelectorAll(".sr-only, kbd, select, [popover], [role='listbox']")) hidden.remove();
  const walker = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  let all = "";
  while (walker.nextNode()) all += ` ${walker.currentNode.textContent}`;
  // A size and its unit, a number and its thousands are one word each, as one reads them.
  return all.split(/[ \n]+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
