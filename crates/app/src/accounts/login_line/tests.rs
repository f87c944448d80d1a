//! What is read of a pasted line, and what is not.

use super::*;

fn read(text: &str) -> (String, String, String) {
    let line = LoginLine::read(text).unwrap_or_else(|| panic!("not read: {text}"));
    let first = line.servers.first().cloned();
    (
        first.unwrap_or_default(),
        line.user.unwrap_or_default(),
        line.secret.unwrap_or_default(),
    )
}

fn all() -> (String, String, String) {
    ("reg.example:5000".into(), "ana".into(), "s3cret".into())
}

#[test]
fn every_client_before_and_behind() {
    for program in [
        "docker login",
        "sudo docker login",
        "sudo -E docker login",
        "sudo -u root /usr/bin/docker login",
        "DOCKER_CONFIG=/tmp/x HTTPS_PROXY=http://proxy:3128 docker login",
        "$ docker login",
        "ana@lab:~$ docker login",
        "PS C:\\Users\\ana> docker.exe login",
        "C:\\bin\\Docker.exe login",
        "& \"C:\\Program Files\\Docker\\docker.exe\" login",
        "docker --config /tmp/x --context lab login",
        "podman --log-level debug login",
        "podman login --authfile auth.json --tls-verify=false",
        "nerdctl -n k8s.io login",
        "skopeo login --cert-dir certs",
        "buildah login",
        "crane auth login",
        "crane login",
        "regctl registry login",
        "oras login --insecure",
        "helm registry login --ca-file ca.crt",
        "cd /tmp && docker login",
        "docker login \\\n ",
    ] {
        for rest in [
            "-u ana -p s3cret reg.example:5000",
            "reg.example:5000 -u ana -p s3cret",
            "-uana -ps3cret reg.example:5000",
            "-u=ana -p=s3cret reg.example:5000",
            "--username=ana reg.example:5000 --password s3cret",
            "--username 'ana' --password=\"s3cret\" reg.example:5000 && docker pull x",
            "--user ana --pass s3cret reg.example:5000",
            "-u ana --password-stdin reg.example:5000 <<< s3cret",
            "reg.example:5000 -u ana --password-stdin <<EOF\ns3cret\nEOF",
            "reg.example:5000 --username ana --password s3cret\ndocker pull reg.example:5000/x",
        ] {
            let text = format!("{program} {rest}");
            assert_eq!(read(&text), all(), "{text}");
        }
    }
}

#[test]
fn a_secret_from_a_pipe_or_a_variable() {
    for text in [
        "echo s3cret | docker login -u ana --password-stdin reg.example:5000",
        "echo -n 's3cret' | sudo docker login reg.example:5000 --password-stdin -u ana",
        "printf '%s\\n' s3cret | podman login -u ana --password-stdin reg.example:5000",
        "printf s3cret | podman login -u ana --password-stdin reg.example:5000",
        "export T=s3cret\necho $T | docker login reg.example:5000 -u ana --password-stdin",
        "T=s3cret; docker login reg.example:5000 -u ana -p \"${T}\"",
        "$env:T = \"s3cret\"\n$env:T | docker login reg.example:5000 -u ana --password-stdin",
        "\"s3cret\" | docker login reg.example:5000 -u ana --password-stdin",
        "set T=s3cret\r\ndocker login reg.example:5000 -u ana -p %T%",
    ] {
        assert_eq!(read(text), all(), "{text}");
    }
    // What a shell would have to put in first is no secret.
    for text in [
        "echo $T | docker login reg.example:5000 -u ana --password-stdin",
        "docker login reg.example:5000 -u ana -p $(cat secret.txt)",
        "docker login reg.example:5000 -u ana -p `cat secret.txt`",
        "docker login -u ana -p ${T} reg.example:5000",
        "cat secret.txt | docker login -u ana --password-stdin reg.example:5000",
        "docker login -u ana --password-stdin reg.example:5000 < secret.txt",
        "aws ecr get-login-password --region x | docker login -u ana --password-stdin reg.example:5000",
    ] {
        assert_eq!(read(text), (all().0, all().1, String::new()), "{text}");
    }
    assert_eq!(read("docker login -u ana -p '$T' reg.example:5000").2, "$T");
    assert_eq!(
        read("docker login -u ana -p pa$sw0rd reg.example:5000").2,
        "pa$sw0rd"
    );
}

#[test]
fn no_host_is_docker_hub_and_no_login_is_none() {
    assert_eq!(
        read("docker login -u ana"),
        (String::new(), "ana".into(), String::new())
    );
    assert_eq!(read("docker login"), <_>::default());
    for none in [
        "docker pull x",
        "login",
        "registry.example",
        "two words",
        "docker",
        "",
    ] {
        assert_eq!(LoginLine::read(none), None, "{none}");
    }
}
