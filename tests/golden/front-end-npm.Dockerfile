# syntax=docker/dockerfile:1

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Makes the bundle the program serves; nothing of Node is in the final image.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS front-end
WORKDIR /src/web
COPY web/package-lock.json web/package.json /src/web/
RUN --mount=type=cache,target=/root/.npm \
    npm ci
# The bundle is made anew only when a file of the front end changes.
COPY web /src/web/
RUN npm run build

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
COPY go.mod go.sum /src/
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

# The sources; the bundle lies where Go looks for it.
COPY . /src/
COPY --from=front-end /src/web/dist/ /src/web/dist/

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

# Runs only when it is asked for: docker build --target test.
FROM build AS test
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    CGO_ENABLED=0 go vet ./... \
 && CGO_ENABLED=0 go test ./...

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
