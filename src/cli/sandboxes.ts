import { openChosenSandbox } from '../core/sandbox/chosenSandbox';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { Language } from '../core/task/task';
import { userCacheFolder } from '../core/userData';
import type { SandboxOptions } from './args';
import type { World } from './world';

/**
 * Opens the sandbox that was asked for, with the interpreters that were asked for.
 * @param language of the tasks; undefined where there may be several
 * @throws SandboxError with what to install
 */
export async function openWantedSandbox(
  { sandbox, python, node }: SandboxOptions,
  world: World,
  language?: Language,
): Promise<Sandbox> {
  const { env, harness, pyodide } = world;
  const interpreter = python ?? named(env['SOLVENT_PYTHON']);
  const javascript = node ?? named(env['SOLVENT_NODE']);
  return openChosenSandbox({
    ...{ choice: sandbox, harness, pyodide, cache: userCacheFolder(world) },
    ...(language === undefined ? {} : { language }),
    ...(interpreter === undefined ? {} : { python: interpreter }),
    ...(javascript === undefined ? {} : { node: javascript }),
  });
}

function named(value = ''): string | undefined {
  return value.trim() === '' ? undefined : value.trim();
}
