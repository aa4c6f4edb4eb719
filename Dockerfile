# Verzuimbrug in a container: one process, not root, that writes to /data and nowhere else. docs/container.md says how to
# run it; `npm run container` builds it and proves what is promised here.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
# Where the network replaces certificates: hand your own in with `--secret id=ca,src=FILE` and
# `--build-arg NODE_EXTRA_CA_CERTS=/run/secrets/ca`. Neither of them stays in the image.
ARG NODE_EXTRA_CA_CERTS
COPY package.json package-lock.json ./
# No package needs a script of its own to be installed. Without the option npm would try to compile SQLite's library
# anew, though it comes compiled, and there is no compiler here.
RUN --mount=type=secret,id=ca npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY connectors connectors
RUN npm run build -- --sourceMap false \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  # npm keeps the types that a package only may have beside it; nothing here is compiled any more.
  && rm -rf node_modules/@types \
  # The library is compiled already: its C sources and the binaries for other machines are of no use here.
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete

FROM ${BASE}
ENV NODE_ENV=production
# What installs packages has no work in a running container. The demo writes below the project's folder `data`, which is
# the volume.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn* /opt/yarn* \
  && install -d -o 1000 -g 1000 -m 0700 /data \
  && mkdir /app && ln -s /data /app/data \
  # So that `docker exec CONTAINER verzuimbrug status` works.
  && ln -s /app/bin/verzuimbrug.js /usr/local/bin/verzuimbrug
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY mappings mappings
COPY bin bin
COPY scripts/container-health.mjs scripts/
COPY package.json config.example.yaml ./
VOLUME /data
# The account `node` of the base image, as a number, so that a cluster can see that it is not root.
USER 1000:1000
# Relative paths on the command line and in config.yaml count from here.
WORKDIR /data
EXPOSE 8480
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "/app/scripts/container-health.mjs"]
# Node is the first process itself, so that SIGTERM reaches the daemon.
ENTRYPOINT ["node", "/app/bin/verzuimbrug.js"]
CMD ["run"]

ARG BASE
ARG REVISION=""
LABEL org.opencontainers.image.title="Verzuimbrug" \
  org.opencontainers.image.description="Carries sick and recovery notifications from the HR system to the arbodienst" \
  org.opencontainers.image.base.name="${BASE}" \
  org.opencontainers.image.revision="${REVISION}"
