//! What is typed or pasted as a registry's address.
#![no_main]

use app::Accounts;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(view) = Accounts::read_address(text) else {
        return;
    };
    let again = Accounts::read_address(&view.host);
    assert_eq!(again.map(|again| again.host).ok(), Some(view.host.clone()), "it is a host, and its own");
    let secret = Accounts::take_login_secret(text).expect("it was read before");
    assert_eq!(view.has_secret, !secret.is_empty() || view.has_secret && secret.is_empty());
    // A secret that is long enough to be told from other words is in nothing that is shown.
    if secret.len() > 12 && text.matches(secret.as_str()).count() == 1 {
        let shown = format!("{view:?}");
        assert!(!shown.contains(&secret), "{shown}");
    }
});
