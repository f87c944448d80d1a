// What the lab's repositories say of themselves, and what its registry can do.

import type { Ability, AboutWords } from "../backend/backend";
import { DAY } from "./data";

export { DAY, digest } from "./data";

/** Returns the words by repository. */
export function labWords(now: number): Record<string, AboutWords> {
  const said = (title: string | null, description: string, authors: string, ago: number): AboutWords => ({
    title,
    description,
    authors,
    created: now - ago * DAY - 3600,
  });
  return {
    "genomics/aligner": said(
      "Aligner",
      "Short-read aligner with the lab’s reference bundle. Input FASTQ, output sorted BAM.",
      "ana",
      372,
    ),
    "genomics/variant-filter": said(null, "Filters called variants by panel.", "ben", 3),
    "genomics/qc-report": said("QC report", "One page of quality figures for each run.", "ben", 211),
    "imaging/segment": said("Segmentation", "Cell borders from two channels.", "chi", 96),
    "syn5644795/kinase": said("Kinase screen", "Dose curves of the kinase screen.", "ana", 40),
    "syn2787333/atlas": said("Atlas 2026", "The cell atlas, as published.", "ana", 17),
  };
}

export function abilities(): Ability[] {
  return [
    { what: "catalog", can: true, why: "Its list of repositories was read." },
    { what: "keepsOverwritten", can: true, why: "An overwritten commit was still there when asked." },
    { what: "deletes", can: true, why: "It took a deletion." },
    { what: "deletesTags", can: false, why: "It answers that tags can’t be deleted: DIGEST_INVALID." },
    { what: "referrers", can: null, why: "It was not asked yet." },
    { what: "history", can: false, why: "This registry has no such call." },
  ];
}
