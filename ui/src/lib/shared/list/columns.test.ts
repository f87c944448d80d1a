import { describe, expect, it } from "vitest";
import { GAP, INSET, layoutOf, WIDEST, type Column } from "./columns";

const COLUMNS: Column[] = [
  { id: "icon", label: null, width: 20 },
  { id: "name", label: "Name", width: 140, least: 80, needs: 200, drawn: true },
  { id: "size", label: "Size", width: 90, least: 60, drawn: true, goes: 1 },
  { id: "where", label: "Where", width: 120, least: 60, drawn: true, goes: 2 },
  { id: "acts", label: "Actions", width: 52, grows: true },
];
const ids = (room: number, drawn = {}): string[] => layoutOf(COLUMNS, room, drawn).shown.map((column) => column.id);
const roomFor = (...widths: number[]): number =>
  widths.reduce((all, one) => all + one, 2 * INSET + (widths.length - 1) * GAP);

describe("the columns of a table", () => {
  it("stand side by side where there is room, a name no wider than it needs", () => {
    const { below, template } = layoutOf(COLUMNS, 1000);
    expect(below.size).toBe(0);
    expect(template).toBe("20px 200px 90px 120px minmax(52px, 1fr)");
    const wide = layoutOf(
      COLUMNS.map((each) => (each.id === "name" ? { ...each, needs: 20 } : each)),
      1000,
    );
    expect(wide.widths["name"]).toBe(80);
  });

  it("go into the second line one by one, the name's cut first", () => {
    const tight = roomFor(20, 140, 90, 120, 52);
    expect(layoutOf(COLUMNS, tight).widths["name"]).toBe(140);
    expect(ids(tight)).toEqual(["icon", "name", "size", "where", "acts"]);
    expect([...layoutOf(COLUMNS, tight - 1).below]).toEqual(["where"]);
    expect([...layoutOf(COLUMNS, roomFor(20, 140, 52)).below]).toEqual(["size", "where"]);
    // What can't go stays, however narrow it is; the name is cut.
    expect(ids(50)).toEqual(["icon", "name", "acts"]);
    expect(layoutOf(COLUMNS, 50).widths["name"]).toBe(80);
  });

  it("fit into the room where two of them are names: the first is served first", () => {
    const two: Column[] = [
      { id: "name", label: "Name", width: 140, least: 80, needs: 700, drawn: true },
      { id: "image", label: "Image", width: 190, least: 90, needs: 300, drawn: true },
      { id: "where", label: "Where", width: 120, least: 60, grows: true },
    ];
    const inside = (room: number): number => {
      const { shown, widths } = layoutOf(two, room);
      return roomFor(...shown.map((column) => widths[column.id] ?? 60));
    };
    for (const room of [520, 600, 700, 900, 1000, 1200]) expect(inside(room)).toBeLessThanOrEqual(room);
    expect(layoutOf(two, 1000).widths).toEqual({ name: 476, image: 300 });
    expect(layoutOf(two, 700).widths).toEqual({ name: 326, image: 242 });
  });

  it("leave what is left over to the last where none that grows is there", () => {
    const none = COLUMNS.map((each) => (each.grows ? { ...each, grows: false } : each));
    expect(layoutOf(none, 1000).template).toBe("20px 200px 90px 120px minmax(52px, 1fr)");
  });

  it("never overflow the room they were given while one can go", () => {
    for (let room = roomFor(20, 140, 52); room < 1400; room += 7) {
      const { shown, widths } = layoutOf(COLUMNS, room);
      const taken = roomFor(...shown.map((column) => widths[column.id] ?? column.width));
      expect(taken, `${room}`).toBeLessThanOrEqual(room);
    }
  });

  it("are as wide as a person has drawn them, within bounds", () => {
    expect(layoutOf(COLUMNS, 1000, { name: 320 }).widths["name"]).toBe(320);
    expect(layoutOf(COLUMNS, 1000, { size: 3 }).widths["size"]).toBe(60);
    expect(layoutOf(COLUMNS, 4000, { where: 5000 }).widths["where"]).toBe(WIDEST);
    expect([...layoutOf(COLUMNS, 700, { name: 500 }).below]).toEqual(["size", "where"]);
    expect(layoutOf(COLUMNS, 1000, { icon: 90, acts: 90 }).template).toBe(layoutOf(COLUMNS, 1000).template);
  });

  it("all stand side by side before anything was measured", () => {
    expect(ids(0)).toHaveLength(5);
    expect(layoutOf(COLUMNS, 0).widths["name"]).toBe(200);
  });
});
