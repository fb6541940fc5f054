/*
 * The cloud function's values against the limits of each kind of template key,
 * as TAP.
 *
 *	fields.js FUNCTION-FOLDER
 */
const path = require('node:path');
const { messageData, pageOf } = require(
	path.resolve(process.argv[2], 'fields.js'));

const HAN = '一二三四五六七八九十一二三四五六七八九十一';
const CASES = [
	['thing1', HAN.slice(0, 20), HAN.slice(0, 20)],
	['thing1', HAN, `${HAN.slice(0, 19)}…`],
	['thing1', '😀'.repeat(21), `${'😀'.repeat(19)}…`],
	['thing1', ' a\nb\tc\u202ed ', 'a b c d'],
	['thing1', 42, '42'],
	['thing1', `${HAN.slice(0, 18)}e\u0301\u0323${HAN}`, `${HAN.slice(0, 18)}…`],
	['thing1', `${HAN.slice(0, 18)}👍🏽${HAN}`, `${HAN.slice(0, 18)}…`],
	['thing1', `${HAN.slice(0, 17)}e\u0301${HAN}`, `${HAN.slice(0, 17)}e\u0301…`],
	['thing1', `${HAN.slice(0, 18)}e\u0301`, `${HAN.slice(0, 18)}e\u0301`],
	['thing1', '<b>张&amp;三</b>', '<b>张&amp;三</b>'],
	['thing1', '', null],
	['thing1', undefined, null],
	['thing1', { nested: 1 }, null],
	['name2', '用户410774', '用户'],
	['name2', '410774', '410774'],
	['name2', HAN, `${HAN.slice(0, 9)}…`],
	['name2', 'Bartholomew Featherstone', 'Bartholomew Feathers'],
	['name2', 'Bartholomew Feathers', 'Bartholomew Feathers'],
	['phrase3', '已分配ok给你了吗', '已分配给你'],
	['phrase3', 'none', null],
	['character_string4', '单号A-1', 'A-1'],
	['character_string4', 'x'.repeat(40), 'x'.repeat(32)],
	['number5', '1,204.50', '1204.50'],
	['number5', '共3个', '3'],
	['number5', 0, '0'],
	['number5', `${'1'.repeat(30)}.234`, `${'1'.repeat(30)}.23`],
	['number5', `${'1'.repeat(32)}.5`, '1'.repeat(32)],
	['number5', '1'.repeat(33), null],
	['number5', '5.', '5'],
	...['-5', '−5', '－5', '3-5', '1.2.3', '.5', 1e21, 'none']
		.map((value) => ['number5', value, null]),
	['letter6', 'ab1c', 'abc'],
	['symbol7', 'a!b?c', '!?'],
	['time8', '2025-12-24T10:30:00.000Z', '2025-12-24 18:30'],
	['time8', '2025-12-31T16:00:00+00:00', '2026-01-01 00:00'],
	['time8', 1766572200000, '2025-12-24 18:30'],
	['time8', '15:01', '15:01'],
	['time8', '2019年10月1日 15:01', '2019年10月1日 15:01'],
	['time8', '2025-12-24T10:30:00', '2025-12-24 18:30'],
	['time8', '2025-12-24T10:30:00.000+0800', '2025-12-24 10:30'],
	['time8', '2025-12-24T20:30:00-05:30', '2025-12-25 10:00'],
	['time8', '2025-12-24', '2025-12-24'],
	['time8', 1766572200, null],
	['time8', 'soon', null],
	['date9', '2025-12-24T20:00:00.000Z', '2025-12-25 04:00'],
	['amount10', '共¥128.00元', '¥128.00元'],
	['amount10', '¥1,234,567,890.12 元', '¥1234567890元'],
	['amount10', 0.1 + 0.2, '0.300000000'],
	['amount10', '€ 5', '€5'],
	['amount10', '5元整', '5元'],
	['amount10', '¥12345678901', null],
	['amount10', '-¥5', null],
	['amount10', '¥-5', null],
	['amount10', '5~9元', null],
	['phone_number11', '+86 138-0013-8000-1234', '+86 138-0013-8000'],
	['car_number12', '沪A12345678', '沪A12345…'],
	['enum13', '已分配', '已分配'],
	['enum_string13', '已分配', '已分配'],
	['unheard14', 'x', null],
	['constructor15', 'x', null],
	['toString16', 'x', null],
];

let count = 0;
function check(name, have, want) {
	count += 1;
	const isSame = JSON.stringify(have) === JSON.stringify(want);
	console.log(`${isSame ? '' : 'not '}ok ${count} - ${name}`);
	if (!isSame)
		console.log(`# have ${JSON.stringify(have)}\n# want ${JSON.stringify(want)}`);
}

for (const [key, value, want] of CASES)
	check(`${key} of ${JSON.stringify(value)}`,
		messageData({ [key]: 'field' }, { field: value }),
		want === null ? { wrong: key, field: 'field' }
			: { data: { [key]: { value: want } } });
check('a page has its places filled and encoded',
	pageOf('p?id={a}&b={none}', { a: 'x&y 张' }), 'p?id=x%26y%20%E5%BC%A0&b=');
console.log(`1..${count}`);
