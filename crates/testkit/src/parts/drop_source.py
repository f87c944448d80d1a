"""A window of another program, from which files can be dragged: what a file manager is to the app."""

import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

x, y, *paths = sys.argv[1:]
window = Gtk.Window(title="Longshore drop source")
window.set_default_size(140, 60)
window.set_keep_above(True)
box = Gtk.EventBox()
box.add(Gtk.Label(label="drag me"))
window.add(box)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()


def give(_widget, _context, data, _info, _time):
    data.set_uris([Path(path).as_uri() for path in paths])


def end(_widget, _context):
    print("ended", flush=True)
    Gtk.main_quit()


box.connect("drag-data-get", give)
box.connect("drag-end", end)
window.connect("map-event", lambda *_: print("ready", flush=True))
window.connect("destroy", Gtk.main_quit)
window.move(int(x), int(y))
window.show_all()
Gtk.main()
