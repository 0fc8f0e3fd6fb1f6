/** Runs a function without letting its errors reach the page, whose monitoring would report them. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The toolbar stays as it is.
  }
}

/** Returns a listener whose errors don't reach the page. */
export function listener<Given extends unknown[]>(
  act: (...given: Given) => void,
): (...given: Given) => void {
  return (...given) => {
    quietly(() => {
      act(...given);
    });
  };
}
