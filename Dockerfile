# syntax=docker/dockerfile:1

# The program alone, for the server, the migration and the demonstration alike:
#
#   docker build -t bangfu .
#
# It needs BuildKit (Docker 23 or newer builds with it). docs/operations.md tells how to run it.

# The `rust-version` of Cargo.toml. rust-toolchain.toml stays outside: it would make rustup load a second toolchain.
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-bookworm AS builder
WORKDIR /build
# The manifests, the crates, and what they compile in. The manifests of tests and tidy are here because the workspace names them.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY tests/Cargo.toml tests/
COPY tidy/Cargo.toml tidy/
COPY migrations migrations
COPY policies policies
COPY demo demo
COPY crates crates
# OpenSSL, SQLite and libpq are built from source, with the C compiler, make and perl of this image. Registry and
# target folder are kept between builds; what is in a cache is in no layer, so the program is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target,sharing=locked \
    cargo build --release --locked -p bangfu \
    && install -D target/release/bangfu /out/bangfu

# debian-slim and not distroless: the health check and the reading of a password from a file need a shell. The
# program itself needs only libc, libm and libgcc of the same Debian that it was built on.
FROM debian:bookworm-slim
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="bangfu" \
    org.opencontainers.image.description="Precision aid for hardship workers: the REST backend of a city federation of trade unions" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"

# pg_dump and pg_restore, for backups. They read servers up to their own version.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

# An account without a name. Its folder is the only place that the program writes to, besides /tmp: mount a volume
# there for an embedded database. With PostgreSQL nothing is written to it.
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/bangfu
COPY LICENSE /usr/share/doc/bangfu/LICENSE
COPY --from=builder /out/bangfu /usr/local/bin/bangfu

# For the health check. There is neither curl nor wget here: bash itself opens the connection.
COPY --chmod=0755 <<'SCRIPT' /usr/local/bin/bangfu-ready
#!/bin/bash
# Succeeds when the server in this container answers GET /readyz with 200.
exec 3<>"/dev/tcp/127.0.0.1/${BANGFU_LISTEN##*:}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 8 _ status _ <&3 && [ "$status" = 200 ]
SCRIPT

USER 10001:10001
WORKDIR /var/lib/bangfu
ENV BANGFU_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["bangfu-ready"]

ENTRYPOINT ["bangfu"]
CMD ["serve"]
