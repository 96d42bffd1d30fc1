import assert from 'node:assert/strict';
import type { Grammar } from '../../../src/core/task/grammar';
import { placeWith } from '../../../src/core/task/place';
import { extracted, grammars } from './support';

describe('placing an answer in a Python file', () => {
  let python: Grammar;
  before(async () => {
    python = (await grammars()).python;
  });

  /** Extracts at the mark, places the code and gives the new document. */
  function placed(marked: string, code: string): string {
    const { document, target } = extracted(python, marked);
    return placeWith(python, document, target, code).text;
  }

  it('replaces the stub and nothing else', () => {
    assert.equal(
      placed('x = 1\n\ndef f(a):\n    pa¦ss\n\n\ny = 2  \n', 'def f(a):\n    return a\n'),
      'x = 1\n\ndef f(a):\n    return a\n\n\ny = 2  \n',
    );
  });

  it('says where the answer now stands', () => {
    const { document, target } = extracted(python, 'import os\n\ndef f(a):\n    pa¦ss\n');
    const result = placeWith(python, document, target, 'import re\n\ndef f(a):\n    return re\n');
    assert.equal(result.text.slice(result.start, result.end), 'def f(a):\n    return re');
  });

  it('indents a method, whether the answer brings it alone or in its class', () => {
    const document = 'class A:\n    def f(self):\n        pa¦ss\n\n    def g(self): ...\n';
    const expected = 'class A:\n    def f(self):\n        if 1:\n            return 2\n\n    def g(self): ...\n';
    const method = 'def f(self):\n    if 1:\n        return 2\n';
    assert.equal(placed(document, method), expected);
    assert.equal(placed(document, `class A:\n${method.replace(/^/gm, '    ').trimEnd()}\n`), expected);
  });

  it('puts a new helper of a method before the class', () => {
    assert.equal(
      placed(
        'x = 1\n\n\nclass A:\n    def f(self):\n        pa¦ss\n',
        'def help():\n    return 1\n\n\ndef f(self):\n    return help()\n',
      ),
      'x = 1\n\n\ndef help():\n    return 1\n\n\nclass A:\n    def f(self):\n        return help()\n',
    );
  });

  it('keeps CRLF and tabs', () => {
    assert.equal(
      placed('class A:\r\n\tdef f(self):\r\n\t\tpa¦ss\r\n\r\nx = 1\r\n', 'def f(self):\n    if 1:\n        return 2\n'),
      'class A:\r\n\tdef f(self):\r\n\t\tif 1:\r\n\t\t\treturn 2\r\n\r\nx = 1\r\n',
    );
  });

  it('leaves the text of strings over several lines alone, and moves docstrings along', () => {
    assert.equal(
      placed(
        'class A:\n    def f(self):\n        pa¦ss\n',
        'def f(self):\n    """Doc.\n\n    More.\n    """\n    return """a\n  b\n"""\n',
      ),
      'class A:\n    def f(self):\n        """Doc.\n\n        More.\n        """\n        return """a\n  b\n"""\n',
    );
  });

  it('moves new imports to those of the file and drops the ones it has', () => {
    assert.equal(
      placed(
        '"""Doc."""\nimport os\nfrom typing import List\n\nx = 1\n\ndef f(a):\n    pa¦ss\n',
        'import os\nimport re\nfrom typing import List, Dict\n\ndef f(a):\n    return re\n',
      ),
      '"""Doc."""\nimport os\nfrom typing import List\nimport re\nfrom typing import Dict\n\nx = 1\n\ndef f(a):\n    return re\n',
    );
  });

  it('puts imports below the docstring of a file that has none, and above the comment of its first function', () => {
    assert.equal(
      placed(
        '#!/usr/bin/env python\n"""Doc."""\n\n# Says f.\ndef f(a):\n    pa¦ss\n',
        'import re\ndef f(a):\n    return re\n',
      ),
      '#!/usr/bin/env python\n"""Doc."""\n\nimport re\n\n\n# Says f.\ndef f(a):\n    return re\n',
    );
    assert.equal(
      placed('#!/usr/bin/env python\ndef f(a):\n    pa¦ss\n', 'import re\ndef f(a):\n    return re\n'),
      '#!/usr/bin/env python\nimport re\n\n\ndef f(a):\n    return re\n',
    );
  });

  it('puts imports of the future first', () => {
    assert.equal(
      placed('import os\n\ndef f(a):\n    pa¦ss\n', 'from __future__ import annotations\ndef f(a):\n    return 1\n'),
      'from __future__ import annotations\nimport os\n\ndef f(a):\n    return 1\n',
    );
  });

  it('does not repeat a helper that the file has word for word', () => {
    const helper = 'def help():\n    return 1\n';
    assert.equal(
      placed(`${helper}\n\ndef f(a):\n    pa¦ss\n`, `${helper}\n\ndef f(a):\n    return help()\n`),
      `${helper}\n\ndef f(a):\n    return help()\n`,
    );
    assert.equal(
      placed(`${helper}\n\ndef f(a):\n    pa¦ss\n`, 'def help():\n    return 2\n\n\ndef f(a):\n    return help()\n'),
      `${helper}\n\ndef help():\n    return 2\n\n\ndef f(a):\n    return help()\n`,
    );
  });

  it('keeps decorators and docstring when the answer dropped them', () => {
    assert.equal(
      placed(
        'class A:\n    @cache\n    def f(self):\n        """Doc.\n\n        More."""\n        pa¦ss\n',
        'def f(self):\n    return 1\n',
      ),
      'class A:\n    @cache\n    def f(self):\n        """Doc.\n\n        More."""\n        return 1\n',
    );
    assert.equal(
      placed('@cache\ndef f(a):\n    """Old."""\n¦', '@other\ndef f(a):\n    """New."""\n    return 1\n'),
      '@other\ndef f(a):\n    """New."""\n    return 1\n',
    );
  });

  it('goes below a comment, which stays, with blank lines around', () => {
    assert.equal(placed('# Write f.¦', 'def f():\n    return 1\n'), '# Write f.\n\ndef f():\n    return 1\n');
    assert.equal(
      placed('# Write f.¦\nx = 1\n', 'def f():\n    return 1\n'),
      '# Write f.\n\ndef f():\n    return 1\n\nx = 1\n',
    );
    assert.equal(
      placed('# Write f.¦\n\nx = 1\n', 'def f():\n    return 1\n'),
      '# Write f.\n\ndef f():\n    return 1\n\nx = 1\n',
    );
    assert.equal(
      placed('class A:\n    # Write f.¦\n    x = 1\n', 'def f(self):\n    return 1\n'),
      'class A:\n    # Write f.\n\n    def f(self):\n        return 1\n\n    x = 1\n',
    );
    assert.equal(
      placed('# Write f.¦\r\nx = 1\r\n', 'import re\ndef f():\n    return re\n'),
      'import re\r\n\r\n\r\n# Write f.\r\n\r\ndef f():\r\n    return re\r\n\r\nx = 1\r\n',
    );
  });

  it('takes an answer that is no code as it is', () => {
    assert.equal(placed('def f(a):\n    pa¦ss\n', ''), '\n');
    assert.equal(placed('def f(a):\n    pa¦ss\n', '# nothing'), '# nothing\n');
  });
});

describe('placing an answer in a script', () => {
  it('replaces a function behind its export and below its comment, which stay', async () => {
    const { typescript } = await grammars();
    const { document, target } = extracted(
      typescript,
      '/** Adds. */\nexport function f(a: number): number {\n  thr¦ow new Error();\n}\n',
    );
    const code =
      "import { x } from 'x';\n\n/** Adds one. */\nexport function f(a: number): number {\n  return a + x;\n}\n";
    assert.equal(
      placeWith(typescript, document, target, code).text,
      "import { x } from 'x';\n\n/** Adds. */\nexport function f(a: number): number {\n  return a + x;\n}\n",
    );
  });

  it('cuts a method out of its class and indents it', async () => {
    const { javascript } = await grammars();
    const { document, target } = extracted(javascript, 'class A {\n\tf() {\n\t\t¦\n\t}\n}\n');
    const code = 'class A {\n  f() {\n    return `\n  a`;\n  }\n}\n';
    assert.equal(
      placeWith(javascript, document, target, code).text,
      'class A {\n\tf() {\n\t\treturn `\n  a`;\n\t}\n}\n',
    );
  });
});
