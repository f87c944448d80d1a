//! Images in the old format, schema 1: what they tell, and what their signature covers.

use super::*;

/// Signs a manifest of the old format as the engines did, with signatures that prove nothing.
fn signed(value: &Value) -> (Vec<u8>, Vec<u8>) {
    use base64::Engine as _;
    let b64 = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let payload = format!("{}\n}}", value.to_string().strip_suffix('}').unwrap()).into_bytes();
    let length = payload.len() - 2;
    let protected = b64(json!({"formatLength": length, "formatTail": b64(b"\n}")})
        .to_string()
        .as_bytes());
    let signatures =
        json!([{"header": {"alg": "ES256"}, "signature": "AA", "protected": protected}]);
    let mut bytes = payload[..length].to_vec();
    bytes.extend(format!(",\"signatures\": {signatures}\n}}").into_bytes());
    (payload, bytes)
}

#[test]
fn an_old_image_tells_its_layers_its_time_and_its_platform() {
    for media_type in [MediaType::OldManifest, MediaType::OldSigned] {
        let read = parse(&media_type, &old()).unwrap();
        assert_eq!(read.compressed_size(), None);
        let Manifest::Old(read) = read else {
            panic!("{read:?}")
        };
        assert_eq!(
            read.layers,
            [Digest::sha256_of(b"layer"), Digest::sha256_of(b"base")]
        );
        assert_eq!(read.platform.unwrap().to_string(), "linux/amd64");
        assert_eq!(read.created.unwrap().compact(), "20150601t000000");
    }
}

#[test]
fn the_digest_of_a_signed_one_is_that_of_what_was_signed() {
    let (payload, bytes) = signed(&old());
    assert_eq!(crate::signed_bytes(&MediaType::OldSigned, &bytes), payload);
    assert_eq!(crate::signed_bytes(&MediaType::OciManifest, &bytes), bytes);
    assert!(Manifest::parse(&MediaType::OldSigned, &bytes).is_ok());
    for (from, to) in [
        ("protected", "unprotected"),
        ("\"signatures\"", "\"other\""),
    ] {
        let text = String::from_utf8(bytes.clone()).unwrap().replace(from, to);
        let bytes = text.into_bytes();
        assert_eq!(crate::signed_bytes(&MediaType::OldSigned, &bytes), bytes);
    }
}

#[test]
fn hostile_what_a_signature_does_not_cover_is_not_read() {
    let (_, bytes) = signed(&old());
    let end = bytes.len() - 1;
    let planted = json!([{"blobSum": Digest::sha256_of(b"planted")}]);
    let bytes = [
        &bytes[..end],
        format!(",\"fsLayers\":{planted}}}").as_bytes(),
    ]
    .concat();
    match Manifest::parse(&MediaType::OldSigned, &bytes) {
        Ok(Manifest::Old(read)) => assert_eq!(read.layers[0], Digest::sha256_of(b"layer")),
        // The same field twice is refused at once.
        other => assert!(matches!(other, Err(ManifestError::Json(_))), "{other:?}"),
    }
    let far = json!({"formatLength": u64::MAX, "formatTail": "Cn0"}).to_string();
    let far = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, far);
    let mut beyond = old();
    beyond["signatures"] = json!([{"protected": far}]);
    let beyond = beyond.to_string().into_bytes();
    assert_eq!(crate::signed_bytes(&MediaType::OldSigned, &beyond), beyond);
}
