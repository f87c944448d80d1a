// Certificates of the backend from memory: hosts that begin with `own-ca.` are vouched for by an authority of their own,
// those that begin with `mutual.` want to see one as well. Those that begin with `tokens.` have sign-ins checked at a host
// that is vouched for so.

import type { CertificateView, ConnectionOrder, ConnectionView, ProxyView } from "../backend/backend";
import { problem } from "./problem";
import type { World } from "./world";

const FIRST = Array.from({ length: 32 }, (_, at) => (at * 7 + 16).toString(16).padStart(2, "0").toUpperCase()).join(
  ":",
);
const NOTHING: ConnectionView = { authority: null, trusted: null, client: null, services: [], proxy: null };

function proxyOf({ proxy }: ConnectionOrder): ProxyView | null {
  if (proxy?.kind === "own") return { kind: "own", address: proxy.address, user: proxy.user || null };
  return proxy?.kind === "direct" ? { kind: "direct" } : null;
}

export class FakeCertificates {
  /** What the hosts present now, by host, where it is another certificate than at first. */
  renewed: Record<string, string> = {};
  /** The files that vouch. */
  authorities = ["/home/ana/lab-ca.crt"];
  /** Folders of Docker's that vouch, by host. */
  folders: Record<string, string> = {};
  /** Folders of Docker's that have what is shown, by host. */
  pairs: Record<string, string> = {};

  constructor(private readonly world: World) {}

  folder(host: string): string | null {
    return this.folders[host] ?? null;
  }

  /** Fails as a host does whose certificate is not trusted. */
  check(address: string, given?: ConnectionOrder): void {
    const host = this.#host(address);
    const service = this.#service(host);
    if (service !== null) {
      const { authority, services } = this.kept(host, given) ?? NOTHING;
      const trusted = services.some((at) => at.host === service && at.trusted === FIRST);
      if (trusted || (authority !== null && this.authorities.includes(authority))) return;
      throw problem(`The secure connection to ${service} was refused.`, "certificate", {
        hints: [`${host} has sign-ins checked at ${service}.`],
      });
    }
    if (!/^(own-ca|mutual)\./.test(host) || this.folder(host) !== null) return;
    const { authority, trusted, client } = this.kept(host, given) ?? NOTHING;
    if (authority?.startsWith("/") === false) throw problem("Type the whole path of the file.", "certificateFile");
    const vouches = authority !== null && this.authorities.includes(authority);
    if (!vouches && trusted !== this.#fingerprint(host)) {
      throw problem(`The secure connection to ${host} was refused.`, "certificate");
    }
    if (host.startsWith("mutual.") && client === null) {
      throw problem(`${host} lets nobody in without a certificate.`, "clientCertificate", {
        hints: ["Give the one that was made for you there, and its key."],
      });
    }
  }

  look(address: string, given?: ConnectionOrder): CertificateView {
    const named = this.#host(address);
    const service = this.#service(named);
    const host = service ?? named;
    const { authority, trusted } = this.kept(named, given) ?? NOTHING;
    const changed = trusted !== null && trusted !== this.#fingerprint(host);
    const wrong = changed
      ? `${host} shows another certificate than you trusted: it was renewed, or somebody stands between. Ask its owner.`
      : authority === null
        ? `Nobody this computer trusts vouches for ${host}.`
        : `That file doesn’t vouch for ${host}.`;
    return {
      host,
      ofService: service !== null,
      wrong: [wrong],
      changed,
      subject: `CN=${host}, O=Polly Lab`,
      issuer: "CN=Polly Lab Root CA 2, O=Polly Lab",
      names: [host, "registry.lab", "10.0.4.17", "build.lab"],
      from: 1_767_225_600,
      until: 1_830_297_599,
      fingerprint: this.#fingerprint(host),
    };
  }

  kept(host: string, given?: ConnectionOrder): ConnectionView | null {
    const before = this.world.accountRows.find((row) => row.host === host)?.connection;
    if (given === undefined) return before ?? null;
    const own = given.kept === undefined ? undefined : before;
    const authority = given.authority ?? null;
    return {
      authority: authority ?? (given.trusted === undefined ? (own?.authority ?? null) : null),
      trusted: given.trusted ?? (authority === null ? (own?.trusted ?? null) : null),
      client: given.client ?? own?.client ?? null,
      services: given.services ?? own?.services ?? [],
      proxy: proxyOf(given) ?? own?.proxy ?? null,
    };
  }

  /** Fails as a proxy does that is not there. */
  checkProxy(given?: ConnectionOrder): void {
    const proxy = given?.proxy;
    if (proxy?.kind !== "own") return;
    if (proxy.address.includes(" ")) throw problem("This is no address of a proxy.", "proxy");
    if (proxy.secret === "wrong") throw problem("The proxy on the way wants a sign-in.", "proxy");
  }

  #host(address: string): string {
    return address.replace(/^https?:\/\//, "");
  }

  #service(host: string): string | null {
    return host.startsWith("tokens.") ? `auth.${host}` : null;
  }

  #fingerprint(host: string): string {
    return this.renewed[host] ?? FIRST;
  }
}
