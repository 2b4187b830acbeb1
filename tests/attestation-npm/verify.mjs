// SPDX-License-Identifier: BSD-3-Clause
//
// Verifies attestation tokens without a line of rmmsim:
//
//	node verify.mjs PLATFORM-KEY.pem TOKEN...
//
// CBOR by cbor2, COSE_Sign1 and its curve by cose-js (elliptic), hashes and PEM by node.
// Exit status: 0 every token verifies, 1 one does not, 77 the packages are not installed.

import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SKIPPED = 77;

async function packages() {
	try {
		return [await import('cbor2'), (await import('cose-js')).default];
	} catch (error) {
		if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
		console.log('the npm packages are not installed: run npm ci in this folder');
		process.exit(SKIPPED);
	}
}

const [{ decode, Tag }, cose] = await packages();

const CMW = 907;
const EAT = 399;
const PLATFORM = 44234;
const REALM = 44241;
const EAT_CWT = 263;

const claim = {
	challenge: 10,
	instanceId: 256,
	profile: 265,
	clientId: 2394,
	lifecycle: 2395,
	implementationId: 2396,
	components: 2399,
	config: 2401,
	platformHash: 2402,
	rpv: 44235,
	measurementHash: 44236,
	rak: 44237,
	rim: 44238,
	rems: 44239,
	rakHash: 44240,
	mecPolicy: 44243,
};

const hashBytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };

const profiles = {
	[EAT]: ['tag:arm.com,2023:cca_platform#1.0.0', 'tag:arm.com,2023:realm#1.0.0'],
	[CMW]: ['tag:arm.com,2024:cca_platform#2.0.0', 'tag:arm.com,2024:realm#2.0.0'],
};

function isBytes(value, ...sizes) {
	assert.ok(value instanceof Uint8Array, 'a byte string is missing');
	if (sizes.length > 0)
		assert.ok(sizes.includes(value.length), `${value.length} bytes, not ${sizes}`);
}

// ---- the collection ------------------------------------------------------------

function entry(tag, value) {
	if (tag === EAT) return value;
	assert.equal(value.length, 2);
	assert.equal(value[0], EAT_CWT);
	return value[1];
}

function collection(bytes) {
	const top = decode(bytes);
	assert.ok(top instanceof Tag);
	const tag = Number(top.tag);
	assert.ok(tag === CMW || tag === EAT, `tag ${tag}`);
	assert.deepEqual([...top.contents.keys()], [PLATFORM, REALM], 'the platform comes first');
	const [platform, realm] = [...top.contents.values()].map((value) => entry(tag, value));
	isBytes(platform);
	isBytes(realm);
	return { tag, platform, realm };
}

// ---- COSE ------------------------------------------------------------------------

// Coordinates as buffers, which is what cose-js wants.
function keyFromPem(pem) {
	const { crv, x, y } = createPublicKey(pem).export({ format: 'jwk' });
	assert.equal(crv, 'P-384');
	return { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

function keyFromCose(bytes) {
	const map = decode(bytes);
	assert.deepEqual([...map.keys()].sort(), [-1, -2, -3, 1], 'kty, crv, x and y');
	assert.deepEqual([map.get(1), map.get(-1)], [2, 2], 'EC2 on P-384');
	isBytes(map.get(-2), 48);
	isBytes(map.get(-3), 48);
	return { x: Buffer.from(map.get(-2)), y: Buffer.from(map.get(-3)) };
}

async function payload(bytes, key) {
	const raw = decode(bytes);
	assert.ok(raw instanceof Tag && Number(raw.tag) === 18, 'no COSE_Sign1');
	assert.equal(raw.contents.length, 4);
	assert.deepEqual([...raw.contents[0]], [0xa1, 0x01, 0x38, 0x22], 'ES384 and nothing else');
	isBytes(raw.contents[3], 96);
	const claims = await cose.sign.verify(Buffer.from(bytes), { key });
	assert.deepEqual(Buffer.from(claims), Buffer.from(raw.contents[2]));

	// A verifier that accepts everything would accept this as well.
	const changed = Buffer.from(bytes);
	changed[changed.length - 120] ^= 1;
	await assert.rejects(cose.sign.verify(changed, { key }), 'a changed payload must not verify');
	return decode(raw.contents[2]);
}

// ---- claims ------------------------------------------------------------------------

function checkRealm(claims, tag) {
	isBytes(claims.get(claim.challenge), 64);
	isBytes(claims.get(claim.rpv), 64);
	const size = hashBytes[claims.get(claim.measurementHash)];
	assert.ok(size, 'unknown hash algorithm');
	isBytes(claims.get(claim.rim), size);
	assert.equal(claims.get(claim.rems).length, 4);
	for (const rem of claims.get(claim.rems)) isBytes(rem, size);
	assert.equal(claims.get(claim.profile), profiles[tag][1]);
	if (tag === EAT) {
		assert.ok(!claims.has(claim.instanceId) && !claims.has(claim.mecPolicy));
		return;
	}
	isBytes(claims.get(claim.instanceId), 33);
	assert.equal(claims.get(claim.instanceId)[0], 1);
	assert.ok([0, 1].includes(claims.get(claim.mecPolicy)));
}

function checkPlatform(claims, tag) {
	assert.equal(claims.get(claim.profile), profiles[tag][0]);
	isBytes(claims.get(claim.challenge), 32, 48, 64);
	isBytes(claims.get(claim.implementationId), 32);
	isBytes(claims.get(claim.instanceId), 33);
	isBytes(claims.get(claim.config));
	assert.equal(typeof claims.get(claim.lifecycle), 'number');
	assert.ok(hashBytes[claims.get(claim.platformHash)]);
	assert.ok(claims.get(claim.components).length > 0);
	for (const component of claims.get(claim.components)) {
		isBytes(component.get(2), 32, 48, 64);
		isBytes(component.get(5), 32, 48, 64);
	}
	assert.equal(claims.get(claim.clientId), tag === CMW ? 1 : undefined);
}

function checkBinding(platform, realm) {
	const hash = createHash(realm.get(claim.rakHash).replace('-', ''));
	const digest = hash.update(realm.get(claim.rak)).digest();
	assert.deepEqual(Buffer.from(platform.get(claim.challenge)), digest, 'no binding');
}

// ---- one token -----------------------------------------------------------------------

async function verify(file, platformKey) {
	const { tag, platform, realm } = collection(readFileSync(file));

	// The realm's key is inside the realm token: read it before it is believed.
	const rak = decode(decode(realm).contents[2]).get(claim.rak);
	const platformClaims = await payload(platform, platformKey);
	const realmClaims = await payload(realm, keyFromCose(rak));
	checkPlatform(platformClaims, tag);
	checkRealm(realmClaims, tag);
	checkBinding(platformClaims, realmClaims);
	console.log(`${file}: verified, tag ${tag}, RIM ${Buffer.from(realmClaims.get(claim.rim)).toString('hex')}`);
}

const [pem, ...files] = process.argv.slice(2);
if (files.length === 0) {
	console.error('usage: node verify.mjs PLATFORM-KEY.pem TOKEN...');
	process.exit(2);
}
const platformKey = keyFromPem(readFileSync(pem));
for (const file of files) await verify(file, platformKey);
