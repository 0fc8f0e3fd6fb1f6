import { isUtf8 } from 'node:buffer';
import { SourceError } from '../../errors/store-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { isUtf16, NotUtf8Error } from '../../json/not-utf8.ts';
import { fetchFailure } from './http-request.ts';

/** The types of JSON, and the types that servers use for unknown files; not that of web pages. */
const TYPES =
  /^(?:application\/(?:[\w.+-]*\+)?json|text\/json|text\/plain|application\/octet-stream)$/;

/**
 * Reads the text of a response up to a limit.
 *
 * @param maxBytes limit after decompression
 * @param shown the address, for messages
 *
 * Rejects with SourceError (`source`) if the body is too large, cut off, of a wrong type, or not UTF-8.
 */
export async function bodyText(
  response: Response,
  maxBytes: number,
  shown: string,
): Promise<string> {
  const { body, headers } = response;
  try {
    assertType(headers, shown);
    // A declared length above the limit saves reading.
    if (Number(headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes, shown);
  } catch (error) {
    await body?.cancel();
    throw error;
  }
  return body === null ? '' : read(body, maxBytes, shown);
}

function assertType(headers: Headers, shown: string): void {
  const [type = ''] = (headers.get('content-type') ?? '').split(';', 1);
  const name = type.trim().toLowerCase();
  if (name === '' || TYPES.test(name)) return;
  throw new SourceError(
    `${shown}: the answer is of type ${showValue(name)}, not JSON; check the address, which may lead to a login page`,
  );
}

async function read(
  body: NonNullable<Response['body']>,
  maxBytes: number,
  shown: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      // Leaving the loop closes the connection.
      if (bytes > maxBytes) throw tooLarge(maxBytes, shown);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${shown}: the answer can't be read completely: ${fetchFailure(error)}`, {
      cause: error,
    });
  }
  return utf8(Buffer.concat(chunks), shown);
}

function utf8(bytes: Buffer, shown: string): string {
  if (isUtf8(bytes) && !isUtf16(bytes)) return bytes.toString('utf8');
  const { message } = new NotUtf8Error(bytes, 'the answer', 'serve');
  throw new SourceError(`${shown}: ${message}`);
}

function tooLarge(maxBytes: number, shown: string): SourceError {
  return new SourceError(
    `${shown}: the answer is larger than ${maxBytes} bytes; set "maxBytes" if you expect that`,
  );
}
