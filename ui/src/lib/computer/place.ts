/** Where an image is in a registry, in words. */
import type { ImagePlace } from "../backend/backend";
import { words } from "../messages";
import { behindText } from "../messages/facts";
import { shortDigest } from "../messages/format";

/** Returns an image as it is shown: by its name, or by the first digits of its id. */
export function shownImage(image: string): string {
  return image.startsWith("sha256:") ? shortDigest(image) : image;
}

export function placeText(place: ImagePlace): string {
  const text = words.images;
  switch (place.kind) {
    case "notPushed":
      return text.notPushed;
    case "known":
      return text.known(place.repository);
    case "active":
      return words.repository.here.activeOf(place.tag);
    case "newer":
      return text.newer(place.tag);
    case "older":
      return behindText(place.tag, place);
  }
}
