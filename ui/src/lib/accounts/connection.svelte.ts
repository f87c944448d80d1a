// What a registry is reached by, where this computer does not trust it by itself: a file of its authority, or its one
// certificate; and what is shown to it of the person's own. Nothing here knows how it is drawn.

import { getBackend } from "../app/state.svelte";
import {
  asProblem,
  type AccountView,
  type CertificateView,
  type ConnectionOrder,
  type Problem,
  type ProbeView,
} from "../backend/backend";
import { ProxyChoice } from "./proxy.svelte";

export class Connection {
  /** What stands between: the registry's certificate, or one of the person's. */
  wants = $state.raw<"certificate" | "client" | null>(null);
  /** What it presents, where that is not trusted. */
  presented = $state.raw<CertificateView | null>(null);
  /** Why a file that was given can't be used. */
  problem = $state.raw<Problem | null>(null);
  file = $state("");
  certificate = $state("");
  key = $state("");

  /** The host that all of it is for; another one has to be looked at anew. */
  #host: string | null = null;
  #given = $state.raw<ConnectionOrder>({});

  /** Through whom it is reached; that holds for another address too. */
  readonly proxy: ProxyChoice;

  constructor(private readonly account: AccountView | undefined) {
    this.proxy = new ProxyChoice(account);
  }

  /** What is handed over; absent where nothing was given. */
  get order(): ConnectionOrder | undefined {
    const proxy = this.proxy.order;
    const given = proxy === undefined ? this.#given : { ...this.#given, proxy };
    if (this.account) return { kept: this.account.id, ...given };
    return Object.keys(given).length === 0 ? undefined : given;
  }

  /** Tells whether what was typed can be tried. */
  get ready(): boolean {
    if (this.wants === "client") return this.certificate.trim() !== "" && this.key.trim() !== "";
    return this.wants === "certificate" && this.file.trim() !== "";
  }

  /** How it is trusted, beside what this computer trusts. */
  get trusted(): { file: string } | { service: string } | "alone" | null {
    const own = this.#given.forget === true ? null : (this.account?.connection ?? null);
    if (this.#given.trusted !== undefined) return "alone";
    if (this.#given.authority !== undefined) return { file: this.#given.authority };
    if (own?.trusted) return "alone";
    if (own?.authority) return { file: own.authority };
    const service = (this.#given.services ?? own?.services ?? [])[0];
    return service === undefined ? null : { service: service.host };
  }

  /** Takes the files that were typed, to be tried. */
  takeTyped(): void {
    const { trusted, ...others } = this.#given;
    if (this.wants === "certificate") this.#given = { ...others, authority: this.file.trim() };
    else {
      const client = { certificate: this.certificate.trim(), key: this.key.trim() };
      this.#given = trusted === undefined ? { ...others, client } : { ...others, trusted, client };
    }
  }

  /** Forgets what is trusted and shown beside what this computer trusts. */
  takeNothing(): void {
    this.#given = this.account ? { forget: true } : {};
    [this.file, this.certificate, this.key] = ["", "", ""];
  }

  /** Takes the certificate that is presented, and no other. */
  takePresented(): void {
    if (this.presented === null) return;
    const { host, fingerprint: trusted, ofService } = this.presented;
    if (ofService) {
      const others = (this.#given.services ?? []).filter((service) => service.host !== host);
      this.#given = { ...this.#given, services: [...others, { host, trusted }] };
    } else {
      const { client, services } = this.#given;
      this.#given = { trusted, ...(client && { client }), ...(services && { services }) };
    }
    this.file = "";
  }

  /** Asks what answers at an address; where its certificate is in the way, looks at that. `late` tells that nobody waits any more. */
  async ask(host: string, address: string, late: () => boolean): Promise<ProbeView> {
    if (host !== this.#host) this.#forget(host);
    try {
      const probe = await getBackend().probeRegistry(address, this.order);
      if (!late()) this.#is(null, null, null);
      return probe;
    } catch (thrown) {
      const problem = asProblem(thrown);
      const presented =
        problem.code === "certificate" ? await getBackend().lookAtCertificate(address, this.order) : null;
      if (!late()) this.#refused(problem, presented);
      throw problem;
    }
  }

  /** Another address is typed: what stood between is not in its way. What was given stays with its host. */
  pause(): void {
    this.#is(null, null, null);
  }

  #refused(problem: Problem, presented: CertificateView | null): void {
    if (problem.code === "certificateFile") {
      const mine = this.#given.client ?? this.account?.connection?.client;
      this.#is(this.wants ?? (mine ? "client" : "certificate"), this.presented, problem);
    } else if (problem.code === "clientCertificate") this.#is("client", null, null);
    else this.#is(presented === null ? null : "certificate", presented, null);
  }

  #is(wants: "certificate" | "client" | null, presented: CertificateView | null, problem: Problem | null): void {
    [this.wants, this.presented, this.problem] = [wants, presented, problem];
  }

  #forget(host: string): void {
    this.#host = host;
    this.#given = {};
    [this.file, this.certificate, this.key] = ["", "", ""];
    this.#is(null, null, null);
  }
}
