/** In which forms the printer gets the bills that reached nobody. */
export const printerForms = ['csv', 'ndjson'] as const;

export type PrinterForm = (typeof printerForms)[number];
