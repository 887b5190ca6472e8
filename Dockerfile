# Sluice in a container:
#   docker build -t sluice . && docker run -p 8080:8080 sluice --backend host:port
# and the example's backend:
#   docker build -t bookstore --target bookstore .

FROM debian:bookworm-slim AS build-base
RUN apt-get update && apt-get install -y --no-install-recommends \
      g++ cmake ninja-build pkg-config protobuf-compiler libprotobuf-dev libprotoc-dev libboost1.81-dev libnghttp2-dev \
      nlohmann-json3-dev libcli11-dev libspdlog-dev libyaml-cpp-dev libssl-dev libc-ares-dev zlib1g-dev libbrotli-dev \
      libzstd-dev prometheus-cpp-dev ccache \
    && rm -rf /var/lib/apt/lists/*

# The compiler's cache outlives a build of the image, so that a change of the sources costs what has changed.
FROM build-base AS build
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json ./
COPY annotations annotations
COPY rpc_core rpc_core
COPY gateway gateway
COPY examples examples
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake --preset release -DSLUICE_TESTS=OFF \
    && cmake --build --preset release --target sluice \
    && strip build/release/bin/sluice

FROM build AS build-bookstore
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake --build --preset release --target bookstore && strip build/release/bin/bookstore

# What running takes, and a user without rights.
FROM debian:bookworm-slim AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends \
      libprotobuf32 libnghttp2-14 libfmt9 libc-ares2 libssl3 zlib1g libbrotli1 libzstd1 libprometheus-cpp-core1.0 \
    && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
    && useradd --system --no-create-home --uid 10001 sluice
USER 10001

FROM runtime AS bookstore
COPY --from=build-bookstore /src/build/release/bin/bookstore /usr/local/bin/bookstore
EXPOSE 50051
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/bookstore"]
CMD ["--listen", "0.0.0.0:50051"]

FROM runtime AS sluice
LABEL org.opencontainers.image.title="sluice" \
      org.opencontainers.image.description="REST/JSON in front of any gRPC backend" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/build/release/bin/sluice /usr/local/bin/sluice
ENV SLUICE_LISTEN=0.0.0.0:8080 SLUICE_ADMIN=0.0.0.0:9901
EXPOSE 8080 9901
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/local/bin/sluice", "health"]
ENTRYPOINT ["/usr/local/bin/sluice"]
