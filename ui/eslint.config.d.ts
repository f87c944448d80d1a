/** The folders of `src/lib` in tiers, the lowest first. */
export const tiers: readonly (readonly string[])[];
