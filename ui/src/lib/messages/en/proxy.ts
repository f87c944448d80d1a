// Words of the way to a registry that does not go directly.

import { foreign } from "../foreign";

export const proxy = {
  label: "Proxy",
  system: "As the system says",
  direct: "None",
  own: "This one",
  address: "Address",
  addressHint: "http://proxy.example:3128",
  user: "Its user",
  secret: "Its password",
  secretKept: "as it is kept",
  use: "Use it",
  through: (address: string) => `Through ${foreign(address)}`,
  directly: "Directly, whatever the system says",
};
