import type { Task } from '../core/task/task';
import type { TaskOptions } from './args';
import { readTask } from './files';
import { planProject, type ProjectPlan } from './project';
import type { World } from './world';

/** What is asked, and the project that is to prove the answer. */
export interface Asked {
  readonly task: Task;
  readonly plan?: ProjectPlan;
}

/** Reads the task, from its own file or from the project's. Runs nothing. @throws CommandError */
export async function readAsked({ task: file, project }: TaskOptions, world: World): Promise<Asked> {
  const given = file === undefined ? undefined : await readTask(file, world);
  if (project !== undefined) {
    const plan = await planProject(project, given, world);
    return { task: plan.task, plan };
  }
  if (given === undefined) throw new Error('a task or a project is read, or the arguments are refused');
  return { task: given };
}
