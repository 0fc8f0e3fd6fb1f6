import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinePeer } from './line-peer.ts';
import { describeWithOriginals } from './python.ts';

describeWithOriginals('the Python side of the parity tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-peer-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts a program that answers with `answer(question)`. */
  function peer(answer: string): LinePeer {
    const program = join(folder, 'peer.py');
    const imports = `import sys; sys.path.insert(0, ${JSON.stringify(__dirname)})\nfrom line_peer import serve\n`;
    writeFileSync(program, `${imports}${answer}\nserve(answer)\n`);
    return new LinePeer(program);
  }

  it('has the original systems', async () => {
    const versions = peer(
      'from importlib.metadata import version\ndef answer(names): return [version(name) for name in names]',
    );
    expect(await versions.ask(['django-cravensworth', 'simpleeval', 'PlanOut'])).toEqual([
      '1.0.2',
      '1.0.8',
      '0.6.0',
    ]);
  });

  it('answers questions in order', async () => {
    const doubling = peer('def answer(x): return x + x');
    const answers = Array.from({ length: 1000 }, (_, i) => doubling.ask(`é\u2028${i}.`));
    expect((await Promise.all(answers))[999]).toBe('é\u2028999.é\u2028999.');
  });

  it('says why it has ended', async () => {
    const failing = peer('def answer(x): raise ValueError("a reason")');
    await expect(failing.ask(1)).rejects.toThrow('a reason');
    await expect(failing.ask(2)).rejects.toThrow('a reason');
  });
});
