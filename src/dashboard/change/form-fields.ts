import { type FormFields, fieldOf } from '../../web/form-body.ts';
import type { ChangeForm } from './save.ts';

/** Reads the fields that every form of a change has: `version`, `reason` and `anyway`. */
export function changeForm(fields: FormFields): ChangeForm {
  return {
    version: fieldOf(fields, 'version') ?? '',
    reason: fieldOf(fields, 'reason') ?? '',
    acceptsHarm: fieldOf(fields, 'anyway') === 'yes',
  };
}
