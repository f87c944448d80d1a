//! What can go wrong with an engine, as few kinds as a caller tells apart.

/// The reason why the engine did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No engine answers at the address (nothing there, no permission, or no answer in time). The text says which.
    #[error("{0}")]
    Absent(String),
    /// The engine answered the request with an error status.
    #[error("{message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The engine's own words.
        message: String,
    },
    /// The engine accepted the transfer and reported a failure later, in its stream.
    #[error("{0}")]
    InStream(String),
    /// The connection broke, or the engine's answer could not be understood.
    #[error("{0}")]
    Broken(String),
    /// A way to reach an engine, or an engine, that is not supported. The text is a whole sentence.
    #[error("{0}")]
    Unsupported(String),
    /// The way to an engine, over TLS or SSH, does not lead there.
    #[error("{at}: {why}")]
    Unreachable {
        /// The other computer, as the way's own configuration calls it.
        at: String,
        /// What is wrong with the way.
        why: Unreachable,
    },
    /// The engine sent a line or an answer longer than any it should.
    #[error("the engine sent more than could be read")]
    TooLarge,
}

/// What is wrong with a way to an engine. What is quoted is the way's own text, for who wants to know more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// SSH does not know the computer's key, or knows another one.
    #[error("{said}")]
    UnknownKey {
        /// It knows another one.
        changed: bool,
        /// What `ssh` says.
        said: String,
    },
    /// The computer took none of the person's keys.
    #[error("{0}")]
    KeyRefused(String),
    /// There is no computer of this name.
    #[error("{0}")]
    NoSuchHost(String),
    /// Nothing answers there.
    #[error("{0}")]
    NoAnswer(String),
    /// There is neither Docker nor Podman at the other end.
    #[error("{0}")]
    NoProgram(String),
    /// There is no `ssh` on this computer.
    #[error("{0}")]
    NoSsh(String),
    /// The engine wants a certificate of ours, or does not know the one it was shown.
    #[error("the engine wants a certificate")]
    WantsCertificate,
    /// The engine's certificate is not trusted.
    #[error("{0}")]
    Untrusted(String),
    /// What answers speaks no TLS.
    #[error("what answers speaks no TLS")]
    NoTls,
    /// A file with a certificate or a key cannot be used.
    #[error("{file}: {why}")]
    Certificates {
        /// Its path.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// Tells whether no engine could be reached at all.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_) | Self::Unreachable { .. })
    }

    /// Tells whether the other end of SSH lacks the program that was called there.
    pub(crate) fn is_no_program(&self) -> bool {
        let Self::Unreachable { why, .. } = self else {
            return false;
        };
        matches!(why, Unreachable::NoProgram(_))
    }

    /// Tells whether the registry did not accept the sign-in the engine used. Engines only tell it in words; the words
    /// of both image stores and of Podman are known here.
    pub fn is_sign_in(&self) -> bool {
        let (Self::Refused { message, .. } | Self::InStream(message)) = self else {
            return false;
        };
        let message = message.to_ascii_lowercase();
        [
            "unauthorized",
            "authentication required",
            "no basic auth credentials",
            "incorrect username or password",
        ]
        .iter()
        .any(|words| message.contains(words))
    }
}

impl From<bollard::errors::Error> for Error {
    fn from(error: bollard::errors::Error) -> Self {
        use bollard::errors::Error as Theirs;
        match error {
            Theirs::DockerResponseServerError {
                status_code,
                message,
            } => Self::Refused {
                status: status_code,
                message,
            },
            Theirs::DockerStreamError { error } => Self::InStream(error),
            Theirs::RequestTimeoutError => {
                Self::Broken("the engine did not answer in time".to_owned())
            }
            // Our own transport wraps its errors as I/O errors; what it meant to say is inside.
            Theirs::IOError { err } => match err.downcast::<Self>() {
                Ok(ours) => ours,
                Err(other) => Self::Broken(other.to_string()),
            },
            other => Self::Broken(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_sign_in_is_known_by_its_words() {
        let in_stream = |text: &str| Error::InStream(text.to_owned());
        assert!(in_stream("unauthorized: authentication required").is_sign_in());
        let containerd = "unknown: unexpected status from HEAD request to http://h/v2/x/blobs/y: 401 Unauthorized";
        assert!(
            Error::Refused {
                status: 500,
                message: containerd.to_owned()
            }
            .is_sign_in()
        );
        assert!(!in_stream("dial tcp 127.0.0.1:1: connect: connection refused").is_sign_in());
        assert!(!Error::Broken("unauthorized".to_owned()).is_sign_in());
    }

    #[test]
    fn our_own_errors_survive_the_way_through_bollard() {
        let ours = Error::Absent("No engine is running.".to_owned());
        let wrapped = bollard::errors::Error::IOError {
            err: std::io::Error::other(ours.clone()),
        };
        assert_eq!(Error::from(wrapped), ours);
    }
}
