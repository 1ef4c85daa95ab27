/** The file formats for bills that reached nobody and are to be printed. */
export const printerForms = ['csv', 'ndjson'] as const;

export type PrinterForm = (typeof printerForms)[number];
