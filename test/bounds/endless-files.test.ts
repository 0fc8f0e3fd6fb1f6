import { createClient, settingsSource, type EvenhandError } from 'evenhand';
import { runCli } from '../cli/run-cli.ts';

describe('a file that never ends', () => {
  it('is refused by the command line, instead of filling the memory', async () => {
    const { code, stderr } = await runCli(['validate', '/dev/zero'], { cwd: __dirname });
    expect(code).toBe(2);
    expect(stderr).toContain("/dev/zero: it can't be read: it is larger than 256 MiB");
  });

  it('is refused by the library, which reads only regular files', () => {
    let thrown: EvenhandError | undefined;
    try {
      createClient({ source: settingsSource('/dev/zero'), logger: false });
    } catch (error) {
      thrown = error as EvenhandError;
    }
    expect(thrown).toMatchObject({
      code: 'source',
      message: expect.stringContaining('it is a device') as string,
    });
  });
});
