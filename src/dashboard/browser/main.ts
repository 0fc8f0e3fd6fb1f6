import { watchCopying } from './copy.ts';
import { watchForms } from './live-forms.ts';
import { refreshRegularly } from './refresh.ts';
import { watchSearchKey } from './search-key.ts';

watchForms();
watchCopying();
watchSearchKey();
refreshRegularly();
