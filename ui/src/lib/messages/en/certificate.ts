// Words of a registry's certificate, and of what is given so that it can be reached.

import { foreign } from "../foreign";

export const certificate = {
  title: (host: string) => `The certificate of ${host}`,
  subject: "For",
  names: "Names",
  issuer: "From",
  valid: "Valid",
  days: (from: string, until: string) => `${from} – ${until}`,
  fingerprint: "SHA-256",
  theFingerprint: "the fingerprint",
  more: (count: string) => `and ${count} more`,
  file: "Authority’s file",
  fileHint: "/path/to/ca.crt",
  useFile: "Use this file",
  trust: (host: string) => `Trust this certificate for ${host} only`,
  yours: "Your certificate",
  yoursHint: "/path/to/client.cert",
  key: "Its key",
  keyHint: "/path/to/client.key",
  show: "Show this certificate",
  byFile: (file: string) => `Trusted by ${foreign(file)}`,
  byFolder: (folder: string) => `Trusted by ${foreign(folder)}`,
  showsFrom: (folder: string) => `Shown the certificate in ${foreign(folder)} where it asks for one`,
  forget: "Trust it no more",
  atService: (host: string) => `One certificate of ${host} is trusted for it`,
  alone: "Only this one certificate is trusted there",
};
