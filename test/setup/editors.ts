/** VS Code served to a browser: everything needed to start it and to look at it. Paths are absolute. */
export interface CodeServer {
  readonly kind: 'code-server';
  /** The Node that this code-server's native modules were built for. */
  readonly node: string;
  /** The script that starts the server. */
  readonly entry: string;
  /** The browser that shows its workbench. */
  readonly chromium: string;
}

/** The desktop VS Code that `@vscode/test-electron` downloads. */
export interface DesktopEditor {
  readonly kind: 'desktop';
  readonly executable: string;
}

/** No editor, and the sentence that tells why and what would help. */
export interface NoEditor {
  readonly kind: 'none';
  readonly reason: string;
}

/** What the test suites can count on. */
export interface Machine {
  /** Where the host suite runs. */
  readonly host: DesktopEditor | CodeServer | NoEditor;
  /** Where the UI suite runs. */
  readonly workbench: CodeServer | NoEditor;
  /** What is missing besides the editors, one sentence each. */
  readonly problems: readonly string[];
}
