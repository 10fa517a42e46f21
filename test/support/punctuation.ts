/** Words that begin a sentence, and nothing in the middle of one. */
const BEGINS =
  /[\p{Ll}\d"”’)\]] (?:An|The|This|That|These|It|They|There|Then|Nothing|Nobody|Where|When|What|Who|Is|Are|Run|Use|Categories)\b/u;

/** What is wrong with the punctuation of a title or a message; `[]` when nothing is. */
export function punctuationFaults(text: string): readonly string[] {
  const rules: readonly (readonly [what: string, isBroken: boolean])[] = [
    ['is empty', text.trim() === ''],
    ['has blanks around it', text !== text.trim()],
    ['has two blanks', / {2}/.test(text)],
    ['has a blank before a sign', / [,;:.!?)\]](?:\s|$)/.test(text)],
    ['ends in a sign', /[,;:.]$/.test(text)],
    ['has a sign twice', /[,;]{2}|[,;]:|:[,;]|\?\?/.test(text)],
    ['says undefined', /\bundefined\b|\[object |\bNaN\b/.test(text)],
    ['has an open bracket', count(text, /[([]/g) !== count(text, /[)\]]/g)],
    ['has an open quotation', count(text, /“/g) !== count(text, /”/g)],
    ['has an empty quotation', /“”|‘’/.test(text)],
    ['begins a sentence without ending the one before', BEGINS.test(text)],
  ];
  return rules.flatMap(([what, isBroken]) => (isBroken ? [`${JSON.stringify(text)} ${what}`] : []));
}

function count(text: string, sign: RegExp): number {
  return text.match(sign)?.length ?? 0;
}
