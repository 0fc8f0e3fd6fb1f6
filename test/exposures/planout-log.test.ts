import { createExposures } from '../../src/exposures/exposures.ts';
import { planoutLog } from '../../src/exposures/planout-log.ts';
import { defineExperiment } from '../../src/planout/experiments/experiment.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { recordingLogger } from '../assignment/build.ts';

function setUp(identity?: string) {
  const sink = recordingSink();
  const logger = recordingLogger();
  const exposures = createExposures({ sink, logger });
  const experiment = defineExperiment({
    name: 'button',
    script: `text = uniformChoice(choices=['OK', 'Buy'], unit=userid);`,
    log: planoutLog(exposures, { unit: 'userid', ...(identity === undefined ? {} : { identity }) }),
    now: Date.now,
  });
  return { sink, logger, exposures, experiment };
}

describe('planoutLog', () => {
  it('records each exposure of experiments in code once', async () => {
    const { sink, exposures, experiment } = setUp();
    for (const userid of [1, 1, 2]) experiment.participant({ userid }).get('text');
    await exposures.flush();
    expect(sink.records).toHaveLength(2);
    expect(sink.exposures('button')[0]).toEqual({
      version: 1,
      id: expect.any(String),
      time: expect.any(String),
      event: 'exposure',
      experiment: 'button',
      seed: 'button',
      checksum: expect.stringMatching(/^[0-9a-f]{8}$/),
      variant: expect.stringMatching(/^\{"text":"(OK|Buy)"\}$/),
      identity: 'userid',
      unit: '1',
      overridden: false,
    });
  });

  it('marks exposures with overrides as overridden', async () => {
    const { sink, exposures, experiment } = setUp();
    for (const overrides of [{ text: 'OK' }, {}]) {
      const participant = experiment.participant({ userid: 1 });
      participant.setOverrides(overrides);
      participant.get('text');
    }
    await exposures.flush();
    expect(sink.exposures('button').map(({ overridden }) => overridden)).toEqual([true, false]);
  });

  it('records other events as outcomes', async () => {
    const { sink, exposures, experiment } = setUp('user.id');
    experiment.participant({ userid: 7 }).logEvent('purchase', { value: 12.5 });
    await exposures.flush();
    expect(sink.records).toEqual([
      expect.objectContaining({
        event: 'outcome',
        name: 'purchase',
        units: { 'user.id': '7' },
        properties: { value: 12.5 },
      }),
    ]);
  });

  it("reports records that can't be made, and never throws", () => {
    const { experiment, logger } = setUp();
    experiment.participant({ userid: 7 }).logEvent('purchase', { value: () => {} });
    expect(logger.warnings).toEqual([expect.stringMatching(/^evenhand: logEvent\(\): property/)]);
  });

  it('rejects invalid arguments', () => {
    const exposures = createExposures({ sink: recordingSink() });
    expect(() => planoutLog({} as typeof exposures, { unit: 'userid' })).toThrow(
      'planoutLog(): the first argument must be the result of createExposures()',
    );
    expect(() => planoutLog(exposures, {} as { unit: string })).toThrow('option "unit" is missing');
    expect(() => planoutLog(exposures, { unit: '' })).toThrow(
      'option "unit" must be a non-empty string',
    );
  });
});
