// Names of registries that people know, and what people get stuck at with each: what to type, and where its token is made.

interface Known {
  name: string;
  /** What to sign in with, in a few words, under the name. */
  tile: string;
  /** What to type, and where the token is made: a line each. */
  help: readonly string[];
}

export const known = {
  label: "Registries by name",
  byCommand: "Run polly",
  runningCommand: "Running polly…",
  polly: {
    name: "Polly",
    tile: "paste the login line",
    help: [
      "Run “polly dockers login” in a terminal, and paste the line that it prints as the address.",
      "The user and the token are in that line. Or let polly be run here.",
    ],
  },
  synapse: {
    name: "Synapse",
    tile: "a personal access token",
    help: [
      "User: your Synapse name. Token: a personal access token, made at Synapse; a push needs download and modify.",
      "A repository is project/name, such as syn123/tool.",
    ],
  },
  hub: {
    name: "Docker Hub",
    tile: "an access token",
    help: [
      "User: your Docker ID. Token: an access token, made at Docker Hub; a password only without two-factor sign-in.",
      "Signed in, you may pull more often.",
    ],
  },
  github: {
    name: "GitHub",
    tile: "a classic token",
    help: [
      "User: your GitHub name. Token: a classic personal access token, made at GitHub.",
      "Pull: read:packages. Push: write:packages. Delete: delete:packages.",
    ],
  },
  gitlab: {
    name: "GitLab",
    tile: "a token",
    help: [
      "User: your GitLab name. Token: made at GitLab, with read_registry to pull, write_registry too to push.",
      "Your own GitLab: its registry’s address.",
    ],
  },
  quay: {
    name: "Quay",
    tile: "a robot or a password",
    help: [
      "User: a robot, such as team+push, with its token; or your name with your password.",
      "Your own Quay: its address.",
    ],
  },
  harbor: {
    name: "Harbor",
    tile: "your user or a robot",
    help: [
      "Type your Harbor’s address. A robot’s name begins with robot$.",
      "With single sign-on the password is the CLI secret of your profile.",
    ],
  },
  aws: {
    name: "AWS",
    tile: "from aws, for 12 hours",
    help: [
      "Address: account.dkr.ecr.region.amazonaws.com. User: AWS. Token: what “aws ecr get-login-password” prints.",
      "It lasts 12 hours; docker-credential-ecr-login makes new ones.",
    ],
  },
  google: {
    name: "Google",
    tile: "from gcloud",
    help: [
      "Address: place-docker.pkg.dev. User: oauth2accesstoken. Token: what “gcloud auth print-access-token” prints.",
      "Or user _json_key, with the whole key file as the token.",
    ],
  },
  azure: {
    name: "Azure",
    tile: "from az",
    help: [
      "Address: name.azurecr.io. Token: the accessToken of “az acr login --expose-token”.",
      "User: 00000000-0000-0000-0000-000000000000, or the admin user.",
    ],
  },
  other: {
    name: "Another registry",
    tile: "any OCI address",
    help: ["Type its address. Without TLS begin with http://; you are asked once before anything goes there."],
  },
  here: {
    name: "Start one here",
    tile: "on this computer",
    help: [],
  },
} satisfies Record<string, Known | string>;
