/** Whether a file is a zip archive, whatever its name. */
export const isZip = async (file: Blob): Promise<boolean> => (await file.slice(0, 4).text()) === 'PK\x03\x04';
