/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** The contrast of two colours, 1 to 21: WCAG 2.2, "contrast ratio" and "relative luminance". */
export function contrastOf(first: Color, second: Color): number {
  const [dark = 0, light = 0] = [luminanceOf(first), luminanceOf(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The least contrast for text of this size: WCAG 2.2, success criterion 1.4.3 (AA). */
export function neededContrast(fontPixels: number, isBold: boolean): number {
  return fontPixels >= 24 || (isBold && fontPixels >= 18.66) ? 3 : 4.5;
}

/** Reads a CSS colour in the forms that are usual in e-mails; undefined for any other. */
export function readColor(text: string): Color | undefined {
  const value = text.trim().toLowerCase();
  const named = namedColors[value];
  if (named !== undefined) return named;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(value);
  if (short !== null) return colorOf(short.slice(1).map((digit) => Number.parseInt(digit + digit, 16)));
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(value);
  if (long !== null) return colorOf(long.slice(1).map((digits) => Number.parseInt(digits, 16)));
  const rgb = /^rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)$/.exec(value);
  return rgb === null ? undefined : colorOf(rgb.slice(1).map(Number));
}

const namedColors: Readonly<Record<string, Color>> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  silver: [192, 192, 192],
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  navy: [0, 0, 128],
};

function colorOf([red = 0, green = 0, blue = 0]: readonly number[]): Color {
  return [red, green, blue];
}

function luminanceOf(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
