// The tag, or the digest, to which somebody is on the way: from a notification, the palette, or a path that was typed.

interface Arriving {
  account: string;
  repository: string;
  tag: string;
}

interface ArrivingAt {
  account: string;
  repository: string;
  digest: string;
}

class Arrival {
  /** The tag that the page of its repository shall select once it knows it. */
  tag = $state.raw<Arriving | null>(null);
  /** The digest that the page of its repository shall show in its timeline. */
  digest = $state.raw<ArrivingAt | null>(null);
}

export const arrival = new Arrival();
