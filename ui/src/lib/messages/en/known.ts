// Names of registries that people know, and the line at which people get stuck with each: which token, which rights.

interface Known {
  name: string;
  /** What to sign in with, in a few words, under the name. */
  tile: string;
  /** What to type where. */
  help: string;
}

export const known = {
  label: "Registries by name",
  polly: {
    name: "Polly",
    tile: "paste the login line",
    help: "Run “polly dockers login”, and paste the line that it prints as the address.",
  },
  synapse: {
    name: "Synapse",
    tile: "a personal access token",
    help: "User: your Synapse name. Token: a personal access token that may view, download and modify. Repositories are project/name.",
  },
  hub: {
    name: "Docker Hub",
    tile: "an access token",
    help: "User: your Docker ID. Token: an access token from your account’s settings, with Read & Write to push.",
  },
  github: {
    name: "GitHub",
    tile: "a classic token",
    help: "User: your GitHub name. Token: a classic one with write:packages; fine-grained tokens are refused.",
  },
  gitlab: {
    name: "GitLab",
    tile: "a token",
    help: "User: your GitLab name. Token: a personal, project or deploy token with read_registry and write_registry.",
  },
  quay: {
    name: "Quay",
    tile: "a robot or a token",
    help: "User: a robot, such as team+push, with its token; or your name with the encrypted password from your settings.",
  },
  harbor: {
    name: "Harbor",
    tile: "your user or a robot",
    help: "Type your Harbor’s address. With single sign-on the password is the CLI secret from your profile; a robot is robot$name.",
  },
  cloud: {
    name: "AWS · Google · Azure",
    tile: "from their command line",
    help: "Type the address. AWS: user AWS, aws ecr get-login-password. Google: oauth2accesstoken, gcloud auth print-access-token. Azure: az acr login --expose-token.",
  },
  own: {
    name: "A registry of your own",
    tile: "any OCI address",
    help: "Type its address. Without TLS begin with http://; it is asked about once.",
  },
} satisfies Record<string, Known | string>;
