import { describe, expect, it } from 'vitest';
import { sepaText } from './sepa-text.js';

describe('a text for SEPA', () => {
  it.each([
    ['Ann Smith', 'Ann Smith'],
    ['Müller & Söhne', 'Muller + Sohne'],
    ['Weiß', 'Weiss'],
    ['Bjørn Łukasiewicz', 'Bjorn Lukasiewicz'],
    ['Đorđe Þórsson', 'Dorde THorsson'],
    ['Nguyễn Thị Ánh', 'Nguyen Thi Anh'],
    ['Œuvre d’Été – un', "OEuvre d'Ete - un"],
    ['I\u0307stanbul ış', 'Istanbul is'],
    ['  two   blanks ', 'two blanks'],
    ["A/B?C:D(E).F,G'H+I-J", "A/B?C:D(E).F,G'H+I-J"],
  ])('%s is %s', (text, latin) => {
    expect(sepaText(text)).toBe(latin);
    expect(sepaText(text.normalize('NFD'))).toBe(latin);
  });

  it.each(['Γιώργος', 'Иван', '王小明', 'a=b', 'a@b', 'a_b', 'a\u0000b', 'a\nb', '😀', '/a', 'a/', 'a//b'])(
    '%j has none',
    (text) => {
      expect(sepaText(text)).toBeUndefined();
    },
  );
});
