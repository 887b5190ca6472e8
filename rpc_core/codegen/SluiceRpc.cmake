# sluice_rpc(NAME ROOT dir PROTOS file... [DEPENDS target...] [IMPORTS dir...]): a library with the typed services and
# clients of .proto files, and with their protobuf classes (NAME_messages). The files' paths are relative to ROOT;
# a C++ source includes "STEM.sluice.h".
function(sluice_rpc name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOT" "PROTOS;DEPENDS;IMPORTS")
  sluice_protobuf(${name}_messages
    ROOT ${arg_ROOT} PROTOS ${arg_PROTOS} DEPENDS ${arg_DEPENDS} IMPORTS ${arg_IMPORTS})

  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.out)
  file(MAKE_DIRECTORY ${out})
  set(imports -I ${arg_ROOT})
  foreach(dir ${arg_IMPORTS})
    list(APPEND imports -I ${dir})
  endforeach()
  set(sources)
  foreach(proto ${arg_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    add_custom_command(
      OUTPUT ${out}/${stem}.sluice.cc ${out}/${stem}.sluice.h
      COMMAND protobuf::protoc ${imports} --plugin=protoc-gen-sluice=$<TARGET_FILE:sluice::protoc-gen-sluice>
              --sluice_out=${out} ${proto}
      DEPENDS ${arg_ROOT}/${proto} protobuf::protoc $<TARGET_FILE:sluice::protoc-gen-sluice>
      VERBATIM)
    list(APPEND sources ${out}/${stem}.sluice.cc)
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${out}>)
  target_link_libraries(${name} PUBLIC sluice::rpc_typed ${name}_messages)
endfunction()
