import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { TerminalLinks } from '../../../src/vscode/terminalLinks';
import type { TestPlace } from '../../../src/vscode/testPlace';
import { showFile } from './solvent';

const TEXT = 'def f(x):\n    pass\n\nassert f(1) == 2\nassert f(2) == 3\n';
const LINE = '  ✗ assert f(2) == 3 1 ms linked.py:5';

describe('Links in the terminal, in the extension host', () => {
  let links: TerminalLinks;
  let ours: vscode.Terminal;
  let other: vscode.Terminal;
  let place: TestPlace;

  before(() => {
    const pty = { onDidWrite: new vscode.EventEmitter<string>().event, open: () => undefined, close: () => undefined };
    ours = vscode.window.createTerminal({ name: 'ours', pty });
    other = vscode.window.createTerminal({ name: 'ours', pty });
  });

  after(() => {
    ours.dispose();
    other.dispose();
  });

  beforeEach(async () => {
    links = new TerminalLinks((terminal) => terminal === ours);
    const { document } = await showFile('linked.py', TEXT);
    const start = TEXT.indexOf('assert f(2)');
    place = { source: document.uri, snapshot: TEXT, range: { start, end: TEXT.length - 1 } };
  });

  afterEach(async () => {
    links.dispose();
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const linked = (line: string, terminal = ours): string[] =>
    links
      .provideTerminalLinks({ terminal, line })
      .map(({ startIndex, length }) => line.slice(startIndex, startIndex + length));

  it('are put on the lines that were noted, and lead to the assertion', async () => {
    links.note(LINE, place);
    assert.deepEqual(linked(`${LINE}   `), ['assert f(2) == 3 1 ms linked.py:5']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [link] = links.provideTerminalLinks({ terminal: ours, line: LINE });
    assert.ok(link);
    await links.handleTerminalLink(link);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), place.source.toString());
    assert.equal(editor.document.getText(editor.selection), 'assert f(2) == 3');
  });

  it('follow the assertion to where it stands now', async () => {
    links.note(LINE, place);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(place.source, new vscode.Position(0, 0), '# new\n');
    await vscode.workspace.applyEdit(edit);
    const [link] = links.provideTerminalLinks({ terminal: ours, line: LINE });
    assert.ok(link);
    await links.handleTerminalLink(link);
    assert.equal(vscode.window.activeTextEditor?.selection.start.line, 5);
  });

  it('are in no other terminal, and on no line that only looks like one', () => {
    links.note(LINE, place);
    assert.deepEqual(linked(LINE, other), []);
    for (const line of [`  │ ${LINE}`, `    ${LINE}`, '  ✗ assert f(2) == 3 1 ms /etc/passwd:5', 'linked.py:5', '']) {
      assert.deepEqual(linked(line), [], line);
    }
  });

  it('are dropped where one line could mean two documents', () => {
    links.note(LINE, place);
    links.note(LINE, { ...place, range: { start: 0, end: 3 } });
    assert.equal(linked(LINE).length, 1, 'the later run of the same document counts');
    links.note(LINE, { ...place, source: vscode.Uri.file('/elsewhere/linked.py') });
    assert.deepEqual(linked(LINE), []);
    links.note(LINE, place);
    assert.deepEqual(linked(LINE), []);
  });
});
