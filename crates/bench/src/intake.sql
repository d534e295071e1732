-- What receiving one referral with patient, stay, costs and consent writes, as statements of their own, for
-- `pgbench -M prepared`: two claims, a key, four sealed documents, four entries of the blind index, the stored
-- answer, one event, the derived row and the sealer's queue. Eleven round trips. Bytes are of the same lengths
-- as the server's; `i` counts a client's transactions and begins where the run before ended.
\set i :i + 1
\set n 100000000000000000 + :i * 1000000000 + random(0, 999999999)
BEGIN;
INSERT INTO bench.idempotency (caller, key, fingerprint, claimed_at)
    VALUES ('client/01a2065e-5dcc-7c79-beb4-fb59ee5529d2', lpad(:n::text, 33, '0'), sha256(int8send(:n)), now())
    ON CONFLICT (caller, key) DO NOTHING;
INSERT INTO bench.source_references (key_version, value, source_id, referral_id, content_mac)
    VALUES (1, sha256(int8send(:n)), '01a2065e-5dc0-760e-b8c9-bd096a90c647', bench.id(:n, '9'), sha256(int8send(:n)))
    ON CONFLICT (key_version, value) DO NOTHING;
INSERT INTO bench.vault_keys (subject_kind, subject_id, class, wrapped, created_at)
    VALUES ('referral', bench.id(:n, '9'), 'aid', decode(repeat('5a', 62), 'hex'), now());
INSERT INTO bench.vault
        (record_kind, record_id, group_name, version, subject_kind, subject_id, class, sealed, masked)
    VALUES ('referral', bench.id(:n, '9'), 'identity', 1, 'referral', bench.id(:n, '9'), 'aid',
            decode(repeat('5a', 211), 'hex'), '{"source_reference":"****","consent_reference":"****01","patient":{"name":"张*","identity_number":"3407**********0009"},"worker": null}'),
        ('referral', bench.id(:n, '9'), 'contact', 1, 'referral', bench.id(:n, '9'), 'aid',
            decode(repeat('5a', 114), 'hex'), '{"patient_phone":"139****0000","worker_phone": null}'),
        ('referral', bench.id(:n, '9'), 'health', 1, 'referral', bench.id(:n, '9'), 'aid',
            decode(repeat('5a', 194), 'hex'), '{"stay":"***"}'),
        ('referral', bench.id(:n, '9'), 'money', 1, 'referral', bench.id(:n, '9'), 'aid',
            decode(repeat('5a', 145), 'hex'), '{"costs":"***"}');
INSERT INTO bench.blind_index (subject_kind, subject_id, kind, key_version, value)
    VALUES ('referral', bench.id(:n, '9'), 'full_name', 1, sha256(int8send(:n::bigint + 1))),
        ('referral', bench.id(:n, '9'), 'pinyin_initials', 1, sha256(int8send(:n::bigint + 2))),
        ('referral', bench.id(:n, '9'), 'identity_number', 1, sha256(int8send(:n::bigint + 3))),
        ('referral', bench.id(:n, '9'), 'phone', 1, sha256(int8send(:n::bigint + 4)));
UPDATE bench.idempotency SET answer = decode(repeat('5a', 270), 'hex')
    WHERE caller = 'client/01a2065e-5dcc-7c79-beb4-fb59ee5529d2' AND key = lpad(:n::text, 33, '0');
INSERT INTO bench.journal (stream_kind, stream_id, version, event_type, event_version, unit_of_work,
        recorded_at, actor, previous_hash, payload, hash)
    VALUES ('referral', bench.id(:n, '9'), 1, 'referral.received', 1, bench.id(:n, '8'), now(),
        'client/01a2065e-5dcc-7c79-beb4-fb59ee5529d2', decode(repeat('00', 32), 'hex'),
        repeat('payload ', 120), sha256(int8send(:n)));
INSERT INTO bench.referrals (id, version, head, created_at, updated_at, source_id, organization_id, state, body)
    VALUES (bench.id(:n, '9'), 1, sha256(int8send(:n)), now(), now(), '01a2065e-5dc0-760e-b8c9-bd096a90c647',
        '01a2065e-5db5-7b86-b5c2-bf17195ff970', 'received', decode(repeat('5a', 170), 'hex'));
INSERT INTO bench.unsealed (unit_of_work, recorded_at) VALUES (bench.id(:n, '8'), now());
COMMIT;
