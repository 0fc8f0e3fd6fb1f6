import { pageSheet } from '../ui/style/sheets.ts';
import { DETAIL_SHEET } from './detail/sheet.ts';
import { FRAME_SHEET } from './frame/sheet.ts';
import { LIST_SHEET } from './list/sheet.ts';
import { TOOLS_SHEET } from './tools/sheet.ts';

/** Returns the style sheet of all pages of the dashboard. */
export function wholeSheet(): string {
  return [pageSheet(), FRAME_SHEET, LIST_SHEET, DETAIL_SHEET, TOOLS_SHEET].join('');
}
