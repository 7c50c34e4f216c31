/**
 * Refuses what is no index.
 * @param what names the caller and what the numbers are, for the error: 'oneHot: label'
 * @throws RangeError naming the first number that is not an integer from 0 to count - 1.
 */
export function checkIndices(indices: ArrayLike<number>, count: number, what: string): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (Number.isInteger(index) && index >= 0 && index < count) continue;
    throw new RangeError(
      `${what} ${index} (number ${i}) is out of range; it must be an integer from 0 to ${count - 1}`,
    );
  }
}
