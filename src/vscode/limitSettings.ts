import type { LimitSetting } from '../report/allowance';
import { openSettings, type Remedy } from './problem';

/** Leads to the very value that holds a limit: the user's, or that of the workspace. */
export function openLimit({ setting, owner }: LimitSetting): Remedy {
  return owner === 'user'
    ? openSettings(setting)
    : { title: 'Open Settings', command: 'workbench.action.openWorkspaceSettings', args: [{ query: setting }] };
}
