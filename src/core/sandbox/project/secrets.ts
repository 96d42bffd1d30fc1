import { posix } from 'node:path';

/** Something of the workspace that tests do not get to see, and why. */
export interface Hidden {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly why: string;
}

/** Folders that are hidden with all that is in them. */
const FOLDERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '.git': 'history of the repository',
    '.hg': 'history of the repository',
    '.svn': 'history of the repository',
    '.jj': 'history of the repository',
    '.ssh': 'keys',
    '.gnupg': 'keys',
    '.aws': 'credentials',
    '.azure': 'credentials',
    '.gcloud': 'credentials',
    '.kube': 'credentials',
    '.docker': 'credentials',
    '.terraform': 'credentials',
    '.direnv': 'environment with possible secrets',
  }),
);

const ENVIRONMENT = 'environment with possible secrets';
const CREDENTIALS = 'credentials';
const KEY = 'possibly a private key';

/** Files by name. What is meant to be shared, such as `.env.example`, is not among them. */
const FILES: readonly (readonly [RegExp, string])[] = [
  [/^\.env(?:\.(?!example$|sample$|template$|dist$|defaults$|test$).*)?$/i, ENVIRONMENT],
  [/^(?!\.env)[^.].*\.env$/i, ENVIRONMENT],
  [/^\.envrc$/i, ENVIRONMENT],
  [/^\.dev\.vars$/i, ENVIRONMENT],
  [/^\.(?:netrc|pgpass|pypirc|git-credentials|htpasswd|dockercfg|my\.cnf|s3cfg|boto|vault-token)$/i, CREDENTIALS],
  [/^(?:_netrc|credentials(?:\.json|\.toml)?|client_secret.*\.json|service[-_]?account.*\.json)$/i, CREDENTIALS],
  [/^secrets?\.(?:json|ya?ml|toml|ini|env|txt)$/i, CREDENTIALS],
  [/\.tfstate(?:\.backup)?$|\.tfvars$/i, CREDENTIALS],
  [/^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/i, KEY],
  [/\.(?:pem|key|p8|p12|pfx|jks|keystore|ppk|kdbx|asc|gpg)$/i, KEY],
];

/** Settings of package managers: hidden only where they hold a credential. */
const SETTINGS = /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|bunfig\.toml|pip\.conf|\.condarc|nuget\.config|poetry\.toml)$/i;
const CREDENTIAL = /_auth|authtoken|authident|password|passwd|secret|token\s*[:=]|:\/\/[^/\s:]+:[^@/\s]+@/i;

/** Folders whose keys, once committed, are fixtures. */
const TEST_FOLDERS = /(?:^|\/)(?:tests?|__tests__|specs?|fixtures|testdata|test-data)\//i;

/**
 * Why a path is hidden from tests; undefined where it is not. Keys that git tracks in a folder of tests are fixtures
 * and stay.
 * @param tracked whether git tracks the file
 */
export function secretPath(path: string, tracked: boolean): string | undefined {
  for (const part of path.split('/').slice(0, -1)) {
    const why = FOLDERS.get(part);
    if (why !== undefined) return why;
  }
  const name = posix.basename(path);
  const why = FOLDERS.get(name) ?? FILES.find(([pattern]) => pattern.test(name))?.[1];
  return why === KEY && tracked && TEST_FOLDERS.test(path) ? undefined : why;
}

/** Why a whole folder of this name is hidden. */
export function secretFolder(name: string): string | undefined {
  return FOLDERS.get(name);
}

/** True for a file that is a secret or none, depending on its content. */
export function dependsOnContent(path: string): boolean {
  return SETTINGS.test(posix.basename(path));
}

/** True where the settings of a package manager hold a credential. */
export function holdsCredential(text: string): boolean {
  return CREDENTIAL.test(text);
}
