# syntax=docker/dockerfile:1

# The build starts above this folder, beside which it reads files: docker build -f app/Dockerfile .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Makes the bundle the program serves; nothing of Node is in the final image.
FROM --platform=$BUILDPLATFORM node:22-trixie-slim AS front-end
RUN npm install --global pnpm@10
WORKDIR /src/app/web
COPY app/web/package.json app/web/pnpm-lock.yaml app/web/pnpm-workspace.yaml /src/app/web/
COPY app/web/app/package.json /src/app/web/app/
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    pnpm install --frozen-lockfile
# The bundle is made anew only when a file of the front end changes.
COPY app/web /src/app/web/
WORKDIR /src/app/web/app
RUN pnpm run build:all

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src/app

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
COPY app/go.mod /src/app/
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

# The sources; the bundle lies where Go looks for it.
COPY . /src/
COPY --from=front-end /src/app/web/app/build/ /src/app/internal/site/

# Compiles without C; the caches let a rebuild compile only what changed.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
