/** Which image the page of images shall show when it comes. */
class ImageArrival {
  /** Key of a row, or an image's id; null once it was shown. */
  key = $state<string | null>(null);
}

/** Where somebody was led who looked for an image. */
export const imageArrival = new ImageArrival();
