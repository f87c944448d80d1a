// The tag to which somebody is on the way: from a notification, the palette, or a line that was pasted.

interface Arriving {
  account: string;
  repository: string;
  tag: string;
}

class Arrival {
  /** The tag that the page of its repository shall select once it knows it. */
  tag = $state.raw<Arriving | null>(null);
}

export const arrival = new Arrival();
