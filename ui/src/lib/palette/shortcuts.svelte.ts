// The door of the page of shortcuts: whether it is open.

class Shortcuts {
  open = $state(false);

  close(): void {
    this.open = false;
  }
}

export const shortcuts = new Shortcuts();
