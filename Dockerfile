# Sluice in a container: docker build -t sluice . && docker run -p 8080:8080 sluice --backend host:port …
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      g++ cmake ninja-build pkg-config protobuf-compiler libprotobuf-dev libprotoc-dev libboost1.81-dev libnghttp2-dev \
      nlohmann-json3-dev libcli11-dev libspdlog-dev libyaml-cpp-dev libssl-dev libc-ares-dev zlib1g-dev prometheus-cpp-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json ./
COPY annotations annotations
COPY rpc_core rpc_core
COPY gateway gateway
RUN cmake --preset release -DSLUICE_TESTS=OFF -DSLUICE_EXAMPLES=OFF \
    && cmake --build --preset release --target sluice \
    && strip build/release/bin/sluice

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      libprotobuf32 libprotoc32 libnghttp2-14 libspdlog1.10 libfmt9 libyaml-cpp0.7 libc-ares2 zlib1g libprometheus-cpp-core1.0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --uid 10001 sluice
COPY --from=build /src/build/release/bin/sluice /usr/local/bin/sluice
USER sluice
ENV SLUICE_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/sluice"]
