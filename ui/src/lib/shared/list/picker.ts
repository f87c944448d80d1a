// What a picker gives to the field that is typed into, so that it is read aloud as one with its list.

export interface Combobox {
  role: "combobox";
  "aria-autocomplete": "list";
  "aria-expanded": boolean;
  "aria-controls": string;
  "aria-activedescendant": string | undefined;
}
