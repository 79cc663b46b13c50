/** What Postgres says of the datum "secret", in English and in the ways that other languages quote. */
export const QUOTING = [
  'invalid input syntax for type uuid: "secret"',
  'value "secret" is out of range for type integer',
  'invalid input syntax for type uuid: "a "secret" b"',
  'Syntax für Typ uuid: »secret«',
  'Syntax »secret« for uuid',
  'syntaxe en entrée invalide pour le type uuid : « secret »',
  'la sintaxis de entrada no es válida para tipo uuid: «secret»',
  'неверный синтаксис для типа uuid: "secret"',
  'uuid: „secret“',
  "uuid: 'secret'",
  '「secret」は不正です',
  'uuid: “a\nsecret”',
]
